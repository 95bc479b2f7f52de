throw new Error('this kit cannot be loaded');
